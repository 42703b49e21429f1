const res = await fetch(`${NEXT_PUBLIC_BACKEND_URL}/chats`, {
  headers: {
    'Content-Type': 'application/json',
    'X-API-KEY': `${token}`,
  },
});
const chat = await res.json();
