# processing_analysis.sh
#!/bin/bash

echo "=== Processing Time Analysis ==="

# 平均処理時間
grep "PROCESSING_COMPLETED" logs/auto_issue_processor.log | \
  awk '{print $NF}' | awk '{sum+=$1; count++} END {printf "Average: %.2f seconds\n", sum/count}'

# 最長処理時間
grep "PROCESSING_COMPLETED" logs/auto_issue_processor.log | \
  awk '{print $NF}' | sort -n | tail -1 | \
  xargs printf "Longest: %.2f seconds\n"

# 処理時間分布
echo "=== Processing Time Distribution ==="
grep "PROCESSING_COMPLETED" logs/auto_issue_processor.log | \
  awk '{print $NF}' | \
  awk '{
    if ($1 < 60) fast++
    else if ($1 < 300) medium++
    else slow++
  } END {
    printf "Fast (<60s): %d\n", fast
    printf "Medium (60-300s): %d\n", medium  
    printf "Slow (>300s): %d\n", slow
  }'
