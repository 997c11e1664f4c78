"""The same job by other frameworks, each as its documentation says, its figures checked."""
