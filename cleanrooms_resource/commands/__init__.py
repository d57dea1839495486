"""The verbs of the command line, a module for each. ``add_arguments`` declares the verb's arguments, and ``run`` runs the verb."""
