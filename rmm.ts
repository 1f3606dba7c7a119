// The one command of the product.
export {};
