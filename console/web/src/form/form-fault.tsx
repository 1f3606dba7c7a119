// What went wrong with a form as a whole, below its fields.

export function FormFault({ text }: { text: string }) {
  if (text === '') return null;
  return (
    <p role="alert" className="m-0 text-down">
      {text}
    </p>
  );
}
