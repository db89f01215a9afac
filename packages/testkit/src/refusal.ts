/** The question, or the world outside, is unusable: no answer is right or wrong. A door ends with 2 and this message. */
export class Refusal extends Error {}
