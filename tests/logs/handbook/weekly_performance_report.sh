# weekly_performance_report.sh
#!/bin/bash

WEEK_START=$(date -d '7 days ago' '+%Y-%m-%d')
WEEK_END=$(date '+%Y-%m-%d')

echo "=== Weekly Performance Report ($WEEK_START to $WEEK_END) ==="

# 処理統計
echo "## Processing Statistics"
grep "ISSUE_PROCESSED" logs/auto_issue_processor.log | \
  grep -E "$WEEK_START|$WEEK_END" | wc -l | \
  xargs printf "Total Issues Processed: %d\n"

# 成功率
SUCCESS_COUNT=$(grep "PR_CREATED_SUCCESS" logs/auto_issue_processor.log | \
  grep -E "$WEEK_START|$WEEK_END" | wc -l)
TOTAL_COUNT=$(grep "ISSUE_PROCESSED" logs/auto_issue_processor.log | \
  grep -E "$WEEK_START|$WEEK_END" | wc -l)

if [ $TOTAL_COUNT -gt 0 ]; then
  awk "BEGIN {printf \"Success Rate: %.1f%%\n\", ($SUCCESS_COUNT/$TOTAL_COUNT)*100}"
fi

# エラー分析
echo "## Error Analysis"
grep "ERROR" logs/auto_issue_processor.log | \
  grep -E "$WEEK_START|$WEEK_END" | \
  awk '{print $5}' | sort | uniq -c | sort -nr | head -5
