using Carillon.Transports;

namespace Carillon.Tests.Relaying;

/// <summary>A transport that takes calls while earlier ones are unconfirmed, and confirms each when the test says so.</summary>
internal sealed class PipelinedTestSender(int messagesMax) : IPipelinedSender
{
    public int MessagesMax => messagesMax;

    public List<Call> Calls { get; } = [];

    public ValueTask<IReadOnlyList<SendFailure>?> SendAsync(ReadOnlyMemory<Envelope> batch, CancellationToken cancellation)
    {
        var call = new Call([.. batch.ToArray().Select(envelope => envelope.Key)]);
        Calls.Add(call);
        return new ValueTask<IReadOnlyList<SendFailure>?>(call.Answer);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal sealed class Call(IReadOnlyList<string?> keys)
    {
        private readonly TaskCompletionSource<IReadOnlyList<SendFailure>?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<string?> Keys => keys;

        public Task<IReadOnlyList<SendFailure>?> Answer => _answer.Task;

        public void Confirm() => _answer.SetResult(null);

        public void Fail(Exception error) => _answer.SetException(error);
    }
}
