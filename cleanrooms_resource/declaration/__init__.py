"""What a program declares: canonical form, shapes, rules, limits, spelling, unknown values."""
