curl -X POST https://your-attive-instance.com/api/chat \
-H "Authorization: Bearer YOUR_API_KEY" \
-H "Content-Type: application/json" \
-d '{
"message": "Analyze renewal risk for Enterprise accounts",
"agentId": "agent_renewal_risk_123"
}'
