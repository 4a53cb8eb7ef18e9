using Carillon.InMemory;
using Carillon.Parking;
using Carillon.Properties.Tests.Generating;
using Carillon.Properties.Tests.Sqlite;
using Carillon.Relational;

namespace Carillon.Properties.Tests.Parking;

/// <summary>The processes that share parked messages: two on one file, or one that keeps them in memory.</summary>
internal sealed class ParkingProcesses : IAsyncDisposable
{
    private readonly TemporaryFile[] _files;
    private readonly IParkingStore[] _stores;

    private ParkingProcesses(TemporaryFile[] files, IParkingStore[] stores) => (_files, _stores) = (files, stores);

    public int Count => _stores.Length;

    public static ParkingProcesses InMemory(ShownTime time) => new([], [new InMemoryParkingStore(time)]);

    public static ParkingProcesses OnFile(ShownTime time)
    {
        var file = new TemporaryFile(time);
        TemporaryFile[] files = [file, file.Beside()];
        return new ParkingProcesses(files, [.. files.Select(opened => new RelationalParkingStore(opened.File))]);
    }

    public IParkingStore Of(int process) => _stores[process % Count];

    /// <summary>Ends a process and starts another one. Does nothing where all would be lost by that.</summary>
    /// <returns>Whether there is a new one.</returns>
    public async Task<bool> RestartAsync(int process)
    {
        if (_files.Length == 0)
            return false;
        (_stores[process % Count] as IDisposable)?.Dispose();
        await _files[process % Count].CloseAsync();
        _stores[process % Count] = new RelationalParkingStore(_files[process % Count].File);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores.OfType<IDisposable>())
            store.Dispose();
        foreach (var file in _files.Reverse())
            await file.DisposeAsync();
    }
}
