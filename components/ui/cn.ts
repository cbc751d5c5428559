/** Joins class names. Variants decide what may differ; nothing is overridden from outside, so nothing is merged. */
export { cx as cn } from "class-variance-authority";
