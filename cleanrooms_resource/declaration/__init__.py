"""The declaration of a program: canonical form, shapes, rules, limits, spelling, unknown values."""
