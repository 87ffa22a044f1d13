/** Functions of the translator in which the fuzzer notices no mistake, with the reason; each is looked for by its name. */
export const UNGUARDED: { readonly [where: string]: string } = {
};
