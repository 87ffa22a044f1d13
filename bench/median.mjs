/** The middle one of some numbers. */
export const median = numbers => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
