curl -X POST https://your-attive-instance.com/api/chat \
-H "Authorization: Bearer YOUR_API_KEY" \
-H "Content-Type: application/json" \
-d '{
"message": "What are the top deals in our pipeline?"
}'
