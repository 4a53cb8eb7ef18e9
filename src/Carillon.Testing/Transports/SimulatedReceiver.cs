using System.Globalization;
using Carillon.Testing.Logs;
using Carillon.Transports;

namespace Carillon.Testing.Transports;

/// <summary>One instance of a subscription: one loop that reads its share of the partitions, until it is disposed.</summary>
internal sealed class SimulatedReceiver : ITransportReceiver
{
    private readonly ServerCalls _server;
    private readonly ReceiverLeases _leases;
    private readonly DeliveryLoop _loop;
    private readonly WakeSource _wake = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _closing = new();
    private Task _receiving = Task.CompletedTask;
    private Task _keeping = Task.CompletedTask;
    private IReadOnlyCollection<AssignedPartition> _abandoned = [];
    private bool _isMember;

    public SimulatedReceiver(ServerCalls server, SimulatedLog log, SettlementBalance balance, SubscriptionTopology subscription, SimulatedTransportOptions options)
    {
        (_server, Balance) = (server, balance);
        _leases = new ReceiverLeases(server, log, balance.Subscription, balance.Instance, subscription, options);
        var cursors = new CursorWriter(server, log, balance.Subscription, _leases, options);
        _loop = new DeliveryLoop(server, log, balance.Subscription, _leases, cursors, balance, _wake, options);
    }

    /// <summary>What became of the deliveries.</summary>
    public SettlementBalance Balance { get; }

    /// <inheritdoc/>
    public async ValueTask StartAsync(IDeliverySink sink, CancellationToken cancellation)
    {
        _isMember = true;
        while (!await TryJoinAsync(cancellation))
            await _server.PauseAsync(cancellation);
        _receiving = RunAsync(() => _loop.StepAsync(sink, _stopping.Token), _stopping.Token);
        _keeping = KeepAsync(sink);
    }

    /// <inheritdoc/>
    public async ValueTask StopAsync(CancellationToken cancellation)
    {
        _stopping.Cancel();
        await _receiving.WaitAsync(cancellation);
    }

    /// <inheritdoc/>
    public void Abandon(IReadOnlyCollection<AssignedPartition> partitions, Task handled) => _abandoned = partitions;

    /// <inheritdoc/>
    public async ValueTask<bool> LeaveAsync(string partition, RoutedType type, CancellationToken cancellation)
    {
        while (true)
        {
            var isLeft = _leases.Leave(int.Parse(partition, CultureInfo.InvariantCulture), type);
            if (isLeft != false)
                _wake.Raise();
            if (isLeft is { } known)
                return known;
            await _server.PauseAsync(cancellation);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <inheritdoc/>
    public bool IsForAnother(RoutedType type) => _leases.IsForAnother(type);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _stopping.Cancel();
        _closing.Cancel();
        await _keeping;
        if (_isMember)
            await _leases.LeaveAsync(_abandoned);
        _isMember = false;
    }

    private async Task KeepAsync(IDeliverySink sink)
    {
        await _receiving;
        await RunAsync(() => _loop.KeepAsync(sink, _closing.Token), _closing.Token);
    }

    private async ValueTask<bool> TryJoinAsync(CancellationToken cancellation)
    {
        try
        {
            await _leases.RenewAsync(cancellation);
            return true;
        }
        catch (Exception error) when (ServerCalls.IsLost(error) && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task RunAsync(Func<ValueTask> step, CancellationToken ending)
    {
        await Task.Yield();
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await step();
            }
            catch (Exception error)
            {
                if (!ServerCalls.IsLost(error))
                    Balance.Fail(error);
                await _server.PauseAsync(ending);
            }
        }
    }
}
