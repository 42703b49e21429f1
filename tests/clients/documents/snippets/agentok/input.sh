curl --request POST \
--url 'https://api.agentok.ai/chats/{chat_id}/input' \
--header 'X-API-KEY: <api-key>' \
--header 'Content-Type: application/json' \
--data-raw '{
"message": "Hello, Agentok Studio!"
}'
