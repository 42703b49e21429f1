const API_KEY = 'your_api_key_here';
const BASE_URL = 'https://your-attive-instance.com';

async function sendMessage(message, agentId, chatId) {
  const response = await fetch(`${BASE_URL}/api/chat`, {
    method: 'POST',
    headers: {
      'Authorization': `Bearer ${API_KEY}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({
      message,
      ...(agentId && { agentId }),
      ...(chatId && { chatId }),
    }),
  });

  if (!response.ok) {
    const error = await response.json();
    throw new Error(error.error || 'API request failed');
  }

  return response.json();
}

// Usage
const result = await sendMessage('Summarize recent customer feedback');
console.log('Response:', result.response);

// Continue conversation
const followUp = await sendMessage(
  'What are the main themes?',
  null,
  result.chatId
);
console.log('Follow-up:', followUp.response);
