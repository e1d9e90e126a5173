// The shortest application there is.
