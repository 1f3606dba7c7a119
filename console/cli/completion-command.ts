// `rmm completion bash|zsh|fish`: a script for the shell, made from the verbs as they are declared.
import { Argument, type Command } from 'commander';

interface Node {
  words: readonly string[];
  options: readonly string[];
}

/** Every place in the tree of verbs by its words: "device list" -> its options, "device" -> its verbs. */
export function completionTree(program: Command): Map<string, Node> {
  const tree = new Map<string, Node>();
  const walk = (command: Command, place: readonly string[]) => {
    tree.set(place.join(' '), {
      words: command.commands.map((one) => one.name()).sort(),
      options: command.options
        .flatMap((option) => (option.long === undefined || option.long === null ? [] : [option.long]))
        .sort(),
    });
    for (const one of command.commands) walk(one, [...place, one.name()]);
  };
  walk(program, []);
  return tree;
}

const candidates = ({ words, options }: Node) => [...words, ...options, '--help'].join(' ');

function bash(tree: ReadonlyMap<string, Node>): string {
  const cases = [...tree].map(([place, node]) => `    "${place}") words="${candidates(node)}" ;;`).join('\n');
  return `# bash completion of rmm: source <(rmm completion bash)
_rmm() {
  local place="" word words="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    [[ "$word" == -* ]] && continue
    case " ${[...tree.keys()]
      .filter((place) => place !== '')
      .map((place) => `|${place}|`)
      .join(' ')} " in
      *"|\${place:+$place }$word|"*) place="\${place:+$place }$word" ;;
      *) break ;;
    esac
  done
  case "$place" in
${cases}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
  [[ \${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
  return 0
}
complete -F _rmm rmm
`;
}

/** zsh runs the function of bash through its own bridge. */
const zsh = (tree: ReadonlyMap<string, Node>): string => `#compdef rmm
# zsh completion of rmm: source <(rmm completion zsh)
autoload -U +X bashcompinit && bashcompinit
${bash(tree)}`;

/** fish asks with conditions: one line for each word at each place. */
function fish(tree: ReadonlyMap<string, Node>): string {
  const lines = [...tree].flatMap(([place, { words, options }]) => {
    const condition = `__rmm_at ${place === '' ? "''" : `'${place}'`}`;
    return [
      ...words.map((word) => `complete -c rmm -f -n "${condition}" -a ${word}`),
      ...options.map((option) => `complete -c rmm -n "${condition}" -l ${option.slice(2)}`),
    ];
  });
  return `# fish completion of rmm: rmm completion fish | source
function __rmm_at
    set -l place
    for word in (commandline -opc)[2..]
        string match -q -- '-*' $word; and continue
        contains -- (string join ' ' $place $word) ${[...tree.keys()]
          .filter((place) => place !== '')
          .map((place) => `'${place}'`)
          .join(' ')}; or break
        set -a place $word
    end
    test (string join ' ' $place) = "$argv[1]"
end
${lines.join('\n')}
`;
}

const SCRIPTS = { bash, zsh, fish } as const;
type Shell = keyof typeof SCRIPTS;
const isShell = (word: string): word is Shell => Object.hasOwn(SCRIPTS, word);

export const completionScript = (program: Command, shell: Shell): string => SCRIPTS[shell](completionTree(program));

export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .description('print the completion script of a shell')
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(Object.keys(SCRIPTS)))
    .addHelpText('after', '\nExamples:\n  source <(rmm completion bash)\n  rmm completion fish | source')
    .action((shell: string) => {
      if (isShell(shell)) process.stdout.write(completionScript(program, shell));
    });
}
