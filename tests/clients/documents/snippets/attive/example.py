import requests

API_KEY = "your_api_key_here"
BASE_URL = "https://your-attive-instance.com"

def send_message(message, agent_id=None, chat_id=None):
    headers = {
        "Authorization": f"Bearer {API_KEY}",
        "Content-Type": "application/json"
    }

    payload = {"message": message}
    if agent_id:
        payload["agentId"] = agent_id
    if chat_id:
        payload["chatId"] = chat_id

    response = requests.post(
        f"{BASE_URL}/api/chat",
        headers=headers,
        json=payload
    )

    response.raise_for_status()
    return response.json()

# Start a new conversation
result = send_message("What's our current pipeline value?")
print(f"Response: {result['response']}")

# Continue the conversation
follow_up = send_message(
    "How does that compare to last quarter?",
    chat_id=result['chatId']
)
print(f"Follow-up: {follow_up['response']}")
