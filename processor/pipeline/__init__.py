"""What happens to one issue: prepare, agent, gate, publish; each phase one module with one function to call.

A phase may run twice after a crash, so each looks before it acts, and everything it makes is named after the run.
"""
