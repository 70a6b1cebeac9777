// The model behind a coding agent: asked to write a file, it calls the tool that the agent has for that; told the result,
// it says that it is done. Agents ask for more than that (titles, summaries): they get a short text.
export const fileText = 'written by an agent\n';

// Each agent's tools that can write a file, and what they take.
const writers = {
  Write: (file) => ({ file_path: file, content: fileText }),
  write: (file) => ({ filePath: file, content: fileText }),
  apply_patch: (file) => ({ patchText: `*** Begin Patch\n*** Add File: ${file}\n+${fileText.trimEnd()}\n*** End Patch` }),
  exec_command: (file) => ({ cmd: `printf '%s' '${fileText}' > '${file}'` }),
  shell_command: (file) => ({ command: `printf '%s' '${fileText}' > '${file}'` }),
  shell: (file) => ({ command: ['sh', '-c', `printf '%s' '${fileText}' > '${file}'`] }),
};

const textOf = (content) =>
  typeof content === 'string' ? content : (content ?? []).map((part) => part?.text ?? '').join('');

function task(request) {
  for (const message of request.messages) {
    const found = message.role === 'user' && /Write a greeting into the file (\S+?)\.?(\s|$|")/.exec(textOf(message.content));
    if (found) return found[1];
  }
  return null;
}

const writerOf = (request) => (request.tools ?? []).map((tool) => tool.function?.name).find((name) => name in writers);
const isTold = (request) => request.messages.some((message) => message.role === 'tool');

const usage = { prompt_tokens: 1200, completion_tokens: 30, input_tokens: 1200, output_tokens: 30 };

export function agentFixtures() {
  return [
    {
      match: { predicate: (request) => task(request) !== null && writerOf(request) !== undefined && !isTold(request) },
      response: (request) => {
        const name = writerOf(request);
        const call = { id: 'call_write_1', name, arguments: JSON.stringify(writers[name](task(request))) };
        return { content: 'I write the file.', toolCalls: [call], usage };
      },
    },
    {
      match: { predicate: (request) => task(request) !== null && isTold(request) },
      response: { content: 'The greeting is in the file.', usage },
    },
    {
      match: { predicate: (request) => task(request) !== null },
      response: { content: 'Greeting', usage },
    },
  ];
}
