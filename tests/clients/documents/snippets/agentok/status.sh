curl --request GET \
--url 'https://api.agentok.ai/chats/{chat_id}' \
--header 'X-API-KEY: <api-key>'
