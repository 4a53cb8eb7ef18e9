namespace Carillon.Tests.Hosting;

/// <summary>A part that answers as the test says when it is asked how it is.</summary>
internal sealed class UnkindPart(Func<CancellationToken, ValueTask<IReadOnlyList<HealthFinding>>> answer) : IServicePart
{
    public string Name => "an unkind part";

    public ValueTask StartAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask StopAsync(CancellationToken deadline) => ValueTask.CompletedTask;

    public ValueTask<IReadOnlyList<HealthFinding>> CheckHealthAsync(CancellationToken cancellation) => answer(cancellation);
}
