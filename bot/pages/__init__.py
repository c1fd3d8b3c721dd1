"""Pages for students and the public: a .py and a .html of the same name."""
