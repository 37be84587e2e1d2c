"""A whole project played by bots over the public interface; it touches nothing inside."""
