curl --request GET \
--url 'https://api.agentok.ai/chats' \
--header 'X-API-KEY: <api-key>'
