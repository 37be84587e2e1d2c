"""A demo installation on one machine, played by bots; it uses nothing but the public interface."""
