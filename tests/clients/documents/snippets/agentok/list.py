response = self.client.get(
    f'{self.base_url}/chats',
    headers={"X-API-KEY": api_key},
)
response.raise_for_status()
get_result = response.json()
