/** Functions of the translator in which the fuzzer notices no mistake, by name, with the reason. */
export const UNGUARDED: { readonly [where: string]: string } = {
};
