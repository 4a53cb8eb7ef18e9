using System.Collections.Concurrent;
using Carillon.InMemory;
using Carillon.Parking;
using Carillon.Scheduling;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Hosting;

/// <summary>Whatever of a transport, a store or a handler hangs: a start can be given up, a stop ends, and nothing that was confirmed is lost (G1, G7).</summary>
public sealed class UnkindHostTests : IDisposable
{
    private const int Messages = 40;
    private static readonly TimeSpan _grace = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(5);
    private readonly InMemoryBroker _broker = new();
    private readonly InMemoryParkingStore _parked = new(TimeProvider.System);
    private readonly ConcurrentDictionary<int, bool> _handled = new();
    private readonly RecordingLog _log = new();

    /// <summary>Every member that a transport or a store has, and the handler.</summary>
    public static TheoryData<string, string> Members =>
    [
        .. new[] { typeof(ITransport), typeof(ITransportSender), typeof(ITransportReceiver), typeof(IAsyncDisposable), typeof(IParkingStore), typeof(ISchedule) }
            .SelectMany(contract => contract.GetMethods().Where(method => method.ReturnType.Name.StartsWith("ValueTask", StringComparison.Ordinal)), (contract, method) => (contract.Name, method.Name))
            .Append(("handler", "handler")),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Members))]
    public async Task Stop_ShouldEndAfterTheGraceTimeAndLoseNothing_WhenAMemberHangs(string contract, string member)
    {
        var unkindness = new Unkindness(Contract(contract), member);
        var confirmed = new ConcurrentDictionary<int, bool>();
        using var first = Host(unkindness, isFirst: true, hangs: () => unkindness.IsOn && contract == "handler");
        await first.StartAsync(Cancellation);
        await Publish(first, 0, confirmed);
        await Eventually.IsTrueAsync(() => _handled.ContainsKey(0));

        unkindness.IsOn = true;
        var publishing = Enumerable.Range(1, Messages).Select(number => Publish(first, number, confirmed)).ToArray();
        var began = TimeProvider.System.GetTimestamp();
        using var grace = new CancellationTokenSource(_grace, TimeProvider.System);
        await first.StopAsync(grace.Token).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        var took = TimeProvider.System.GetElapsedTime(began);
        await Task.WhenAll(publishing).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);

        Assert.True(took < _grace + _bound, $"the stop took {took}");
        unkindness.IsOn = false;
        await unkindness.EndProcessAsync();
        using var second = Host(unkindness, isFirst: false, hangs: () => false);
        await second.StartAsync(Cancellation);
        await Eventually.IsTrueAsync(() => confirmed.Keys.All(_handled.ContainsKey), TimeSpan.FromSeconds(60));
        await second.StopAsync(Cancellation);
    }

    [Theory]
    [InlineData(nameof(ITransport), nameof(ITransport.EnsureTopologyAsync))]
    [InlineData(nameof(ITransport), nameof(ITransport.OpenSenderAsync))]
    [InlineData(nameof(ITransport), nameof(ITransport.OpenReceiverAsync))]
    [InlineData(nameof(ITransportReceiver), nameof(ITransportReceiver.StartAsync))]
    public async Task Start_ShouldEndWhenItIsCancelled_WhenAMemberHangs(string contract, string member)
    {
        using var host = Host(new Unkindness(Contract(contract), member) { IsOn = true }, isFirst: true, hangs: () => false);
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(200), TimeProvider.System);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.StartAsync(cancellation.Token).WaitAsync(_bound, Cancellation));

        await ((IAsyncDisposable)host).DisposeAsync().AsTask().WaitAsync(_bound, Cancellation);
    }

    public void Dispose() => _log.Dispose();

    private static Type? Contract(string name) =>
        new[] { typeof(ITransport), typeof(ITransportSender), typeof(ITransportReceiver), typeof(IAsyncDisposable), typeof(IParkingStore), typeof(ISchedule) }
            .FirstOrDefault(contract => contract.Name == name);

    private static async Task Publish(IHost host, int number, ConcurrentDictionary<int, bool> confirmed)
    {
        try
        {
            await host.Services.GetRequiredService<IEventBus>().PublishAsync(new StepTaken($"w{number % 7}", number), Cancellation);
            confirmed[number] = true;
        }
        catch (CarillonException)
        {
            // Not confirmed: it may be lost, and its publisher knows.
        }
    }

    private IHost Host(Unkindness unkindness, bool isFirst, Func<bool> hangs)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging(logging => logging.AddProvider(_log));
        builder.AddCarillon("shop", carillon => carillon
            .UseTransport("unkind", _ => UnkindProxy.Around<ITransport>(new InMemoryTransport(_broker, new InMemoryOptions(), TimeProvider.System), unkindness))
            .UseStorePart(_ => UnkindProxy.Around<IParkingStore>(_parked, unkindness))
            .UseStorePart<IDeadLetters>(_ => _parked)
            .UseStorePart(_ => UnkindProxy.Around<ISchedule>(new IdleSchedule(), unkindness))
            .Subscription(options =>
            {
                options.Retries.ImmediateAttempts = 1;
                options.Retries.FirstDelay = options.Retries.MaxDelay = TimeSpan.FromMilliseconds(50);
            })
            .On<StepTaken>(async step =>
            {
                if (hangs())
                    await new TaskCompletionSource().Task;
                if (isFirst && step.Number % 5 == 3)
                    throw new IOException("not yet");
                _handled[step.Number] = true;
            }));
        return builder.Build();
    }
}
