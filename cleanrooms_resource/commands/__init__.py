"""The verbs of the command line, a module for each: ``add_arguments`` says what a verb takes, and ``run`` runs it."""
