"""Templates become stacks to be: values for parameters, conditions applied."""
