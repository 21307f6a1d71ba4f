# the last part of the handbook's `watch` line
tail -5 logs/auto_issue_processor.log | grep ERROR
