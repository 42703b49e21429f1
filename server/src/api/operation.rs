//! One operation of a dialect: what it reads and what it answers, with examples.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// A form that the document names once and refers to.
#[derive(Clone, Debug)]
pub struct Schema {
    reference: Value,
    named: Vec<(String, Value)>,
}

impl Schema {
    /// The form of a type on the wire.
    pub fn of<T: ToSchema>() -> Self {
        let mut named = Vec::new();
        T::schemas(&mut named);
        named.push((T::name().into_owned(), T::schema()));
        let to_json = |(name, schema)| (name, serde_json::to_value(schema).unwrap_or_default());
        Self {
            reference: refer_to(&T::name()),
            named: named.into_iter().map(to_json).collect(),
        }
    }

    /// A list of these.
    #[must_use]
    pub fn list(self) -> Self {
        Self {
            reference: json!({ "type": "array", "items": self.reference }),
            ..self
        }
    }

    /// A form that no type has, because its reader looks at the fields one by one.
    pub fn named(name: &str, schema: Value) -> Self {
        Self {
            reference: refer_to(name),
            named: vec![(name.to_owned(), schema)],
        }
    }

    /// A form that stands where it is used.
    pub fn inline(schema: Value) -> Self {
        Self {
            reference: schema,
            named: Vec::new(),
        }
    }

    /// Puts what it names into the document's forms; the reference to it.
    pub fn keep(&self, schemas: &mut BTreeMap<String, Value>) -> Value {
        schemas.extend(self.named.iter().cloned());
        self.reference.clone()
    }
}

fn refer_to(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The method.
    pub method: Method,
    /// The path, as in the table.
    pub path: &'static str,
    /// Its name for generators of clients.
    pub id: &'static str,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// What else is to be known.
    pub description: &'static str,
    /// Of the path, the query and the header.
    pub parameters: Vec<Value>,
    /// The body.
    pub body: Option<Value>,
    /// What it answers when all is well, by status.
    pub answers: Map<String, Value>,
    /// Statuses of failures beside those that follow from the route.
    pub refusals: Vec<u16>,
    schemas: Vec<Schema>,
}

impl Operation {
    /// An operation that reads no body.
    pub fn new(method: Method, path: &'static str, id: &'static str, summary: &'static str) -> Self {
        let names = path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        Self {
            method,
            path,
            id,
            summary,
            description: "",
            parameters: names.map(path_parameter).collect(),
            body: None,
            answers: Map::new(),
            refusals: Vec::new(),
            schemas: Vec::new(),
        }
    }

    /// With more words.
    #[must_use]
    pub fn described(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    /// With a value of the query that may be left out.
    #[must_use]
    pub fn query(mut self, name: &str, schema: Value, description: &str, example: Value) -> Self {
        self.parameters.push(json!({
            "name": name, "in": "query", "required": false,
            "description": description, "schema": schema, "example": example,
        }));
        self
    }

    /// With `limit` and `offset`.
    #[must_use]
    pub fn pages(self, default: u32, most: u32) -> Self {
        let number = json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX });
        let limit = format!("At most so many, 1 to {most}; {default} where nothing is said.");
        self.query("limit", number.clone(), &limit, json!(20)).query(
            "offset",
            number,
            "Leave out so many at the beginning.",
            json!(0),
        )
    }

    /// With a JSON body.
    #[must_use]
    pub fn reads(self, schema: Schema, example: Value) -> Self {
        self.reads_as(&["application/json"], true, schema, &example)
    }

    /// With a body in JSON or YAML.
    #[must_use]
    pub fn reads_document(self, schema: Schema, example: Value) -> Self {
        self.reads_as(&["application/json", "application/yaml"], true, schema, &example)
    }

    /// With a body in JSON or YAML that may be left out.
    #[must_use]
    pub fn may_read_document(self, schema: Schema, example: Value) -> Self {
        self.reads_as(&["application/json", "application/yaml"], false, schema, &example)
    }

    /// With a body in one of these types.
    #[must_use]
    pub fn reads_as(mut self, types: &[&str], required: bool, schema: Schema, example: &Value) -> Self {
        let body = self.body.get_or_insert_with(|| json!({ "content": {} }));
        body["required"] = json!(required);
        for kind in types {
            body["content"][*kind] = json!({ "schema": schema.reference, "example": example });
        }
        self.schemas.push(schema);
        self
    }

    /// Answers JSON.
    #[must_use]
    pub fn answers(self, status: u16, description: &str, schema: Schema, example: Value) -> Self {
        self.answers_as("application/json", status, description, schema, example)
    }

    /// Answers server-sent events. Without a schema: OpenAPI 3.1 has none for a stream, and some tools hold each event to
    /// what others read as the form of the whole.
    #[must_use]
    pub fn streams(mut self, status: u16, description: &str, example: &str) -> Self {
        self.answer(status, description)["content"]["text/event-stream"] = json!({ "example": example });
        self
    }

    /// Answers a file of this type, to be kept.
    #[must_use]
    pub fn answers_file(mut self, status: u16, description: &str, kind: &str, example: &str) -> Self {
        let answer = self.answer(status, description);
        answer["content"][kind] = json!({ "schema": { "type": "string" }, "example": example });
        answer["headers"]["Content-Disposition"] = json!({
            "description": "The name of the file.", "schema": { "type": "string" },
        });
        self
    }

    /// Answers without a body.
    #[must_use]
    pub fn answers_empty(mut self, status: u16, description: &str) -> Self {
        self.answers
            .insert(status.to_string(), json!({ "description": description }));
        self
    }

    fn answers_as(mut self, kind: &str, status: u16, description: &str, schema: Schema, example: Value) -> Self {
        self.answer(status, description)["content"][kind] = json!({ "schema": schema.reference, "example": example });
        self.schemas.push(schema);
        self
    }

    fn answer(&mut self, status: u16, description: &str) -> &mut Value {
        self.answers
            .entry(status.to_string())
            .or_insert_with(|| json!({ "description": description, "content": {} }))
    }

    /// What this answer names, these operations take: as this parameter, from there in the answer's body.
    #[must_use]
    pub fn leads_to(mut self, status: u16, operations: &[&str], parameter: &str, pointer: &str) -> Self {
        if let Some(answer) = self.answers.get_mut(&status.to_string()) {
            for operation in operations {
                let from = format!("$response.body#{pointer}");
                answer["links"][*operation] = json!({ "operationId": operation, "parameters": { parameter: from } });
            }
        }
        self
    }

    /// May fail with these, too.
    #[must_use]
    pub fn refuses(mut self, statuses: &[u16]) -> Self {
        self.refusals.extend(statuses);
        self
    }

    /// Puts its forms into the document's.
    pub fn keep_schemas(&self, schemas: &mut BTreeMap<String, Value>) {
        for schema in &self.schemas {
            schema.keep(schemas);
        }
    }
}

fn path_parameter(name: &str) -> Value {
    let (description, example) = match name {
        "agent" => ("The agent, by its key or its id.", "support_assistant"),
        "agent_id" => ("The agent, by its id or its key.", "support_assistant"),
        "agent_key" => ("The agent's key.", "support_assistant"),
        "session_id" => ("The session.", "sess_019a2b3c4d5e7f60a1b2c3d4e5f60718"),
        "chat_id" => ("The chat.", "sess_019a2b3c4d5e7f60a1b2c3d4e5f60718"),
        "run_id" => ("The turn.", "run_019a2b3c4d5e7f60a1b2c3d4e5f60718"),
        "key_id" => ("The key, by its public id.", "key_019a2b3c4d5e7f60a1b2c3d4e5f60718"),
        "user_id" => ("The user.", "usr_019a2b3c4d5e7f60a1b2c3d4e5f60718"),
        "base" => ("The knowledge base, by its name.", "docs"),
        "document" => ("The document, by its id.", "doc_3f2a9c1b7d8e4f60a1b2c3d4e5f60718"),
        "number" => ("The number of the version.", "1"),
        _ => ("The model: an agent's key.", "support_assistant"),
    };
    json!({
        "name": name, "in": "path", "required": true, "description": description,
        "schema": { "type": "string", "minLength": 1 }, "example": example,
    })
}

/// The header of every POST of a back end.
pub(super) fn idempotency_key() -> Value {
    json!({
        "name": "Idempotency-Key", "in": "header", "required": false,
        "description": "The same key with the same request again is answered as the first time.",
        "schema": { "type": "string", "minLength": 1, "maxLength": 255 },
        "example": "5f0c6f0e-8f53-4a1b-9c43-0c7b0f1f7d11",
    })
}

/// The header of every request of a page; `required` where nobody else may call.
pub(super) fn origin(required: bool) -> Value {
    json!({
        "name": "Origin", "in": "header", "required": required,
        "description": "Where the page stands; browsers send it. It must be on the agent's list.",
        "schema": { "type": "string" }, "example": "https://shop.example",
    })
}
