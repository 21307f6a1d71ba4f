"""What happens in the forge: people, repositories, issues and pull requests, apart from how it is asked for."""
