curl -X POST https://your-attive-instance.com/api/chat \
-H "Authorization: Bearer YOUR_API_KEY" \
-H "Content-Type: application/json" \
-d '{
"message": "Can you break that down by region?",
"chatId": "clx1234567890"
}'
