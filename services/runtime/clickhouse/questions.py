"""
The bounds that a reader's questions are kept in, by the engine itself.
"""

from services.runtime.clickhouse.database import Limits

__all__ = ["reader_settings"]


def reader_settings(limits: Limits) -> dict[str, str | int]:
    """
    Settings of a connection that only reads. The last one, once set, forbids changing any of them.
    """
    return {
        "max_execution_time": limits.seconds,
        "timeout_overflow_mode": "throw",
        "max_memory_usage": limits.memory_bytes,
        # The first cuts an answer off; a question may override it, and then the second refuses the answer.
        "limit": limits.rows,
        "max_result_rows": limits.rows,
        "max_result_bytes": limits.answer_bytes,
        "result_overflow_mode": "throw",
        "max_rows_in_set": 10_000_000,
        "max_query_size": 64 * 1024,
        "max_ast_depth": 200,
        "max_threads": 2,
        "readonly": 1,
    }
