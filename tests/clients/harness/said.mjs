// What a test asks, and what the provider says to it. The tests hold the same words: a text that came through changed is
// a failure.
export const said = {
  hello: 'Hello from the other side: "naïve café" — 你好 🙂 \\ and\na second line.',
  lisbon: 'It is 24 degrees in Lisbon.',
  cities: 'Lisbon is warmer than Oslo.',
  person: '{"name":"Ada","age":36}',
  thought: 'First I consider the question.',
  afterThought: 'The answer is forty-two.',
  story: Array.from({ length: 200 }, (_, i) => `Sentence ${i} of a long story.`).join(' '),
  cut: 'This sentence was cut',
};
