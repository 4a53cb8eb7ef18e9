using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.KillTests;

/// <summary>
/// Publishes through a context, each message with a row of its own: by a save alone, in a transaction, back from a savepoint, in a unit of work, beside a
/// statement, or in something that is rolled back; synchronously and not.
/// </summary>
internal sealed class ContextKeyPublisher(
    string key, RoleSettings settings, long last, IServiceProvider services, HistoryWriter history, Random random, TimeSpan pause)
    : KeyPublisher(key, last, history, random, pause)
{
    private readonly IEventBus _bus = services.GetRequiredService<IEventBus>();

    protected override async Task PublishAsync(int count)
    {
        await using var scope = services.CreateAsyncScope();
        var bank = scope.ServiceProvider.GetRequiredService<BankContext>();
        try
        {
            await (Random.Next(6) switch
            {
                0 or 1 => SaveAsync(bank, count),
                2 => CommitAsync(bank, count),
                3 => RollBackAsync(bank, count),
                4 => WorkAsync(bank, count),
                _ => ExecuteAsync(bank, count),
            });
        }
        catch (Exception failure) when (IsOfTheDatabase(failure))
        {
            await Console.Error.WriteLineAsync($"{Key} up to a version was not acknowledged: {failure}");
        }
    }

    /// <summary>Saves alone, and once more in the same context when that failed: rows and messages wait on.</summary>
    private async Task SaveAsync(BankContext bank, int count)
    {
        var versions = BookAll(bank, count);
        try
        {
            await SaveAsync(bank);
        }
        catch (Exception failure) when (IsOfTheDatabase(failure) && Random.Next(2) == 0)
        {
            await SaveAsync(bank);
        }

        versions.ForEach(Acknowledge);
    }

    private async Task CommitAsync(BankContext bank, int count)
    {
        var versions = new List<long>();
        await using var transaction = await BeginAsync(bank);
        for (var number = 1; number <= count; number++)
        {
            versions.Add(Book(bank));
            await SaveAsync(bank);
            if (Random.Next(3) == 0)
                await ThereAndBackAsync(bank, transaction);
        }

        await CommitAsync(transaction);
        versions.ForEach(Acknowledge);
    }

    private async Task ThereAndBackAsync(BankContext bank, IDbContextTransaction transaction)
    {
        await transaction.CreateSavepointAsync("here");
        Book(bank, HistoryStep.Discarded);
        await SaveAsync(bank);
        await transaction.RollbackToSavepointAsync("here");
        bank.ChangeTracker.Clear();
    }

    private async Task RollBackAsync(BankContext bank, int count)
    {
        await using var transaction = await BeginAsync(bank);
        BookAll(bank, count, HistoryStep.Discarded);
        await SaveAsync(bank);
        if (Random.Next(2) == 0)
            await transaction.RollbackAsync();
    }

    private async Task WorkAsync(BankContext bank, int count)
    {
        await using var work = await _bus.BeginAsync(bank);
        var versions = new List<long>();
        for (var number = 1; number <= count; number++)
        {
            var version = Announce();
            versions.Add(version);
            bank.Bookings.Add(new Booking(Key, version));
            await _bus.PublishMovementAsync(Movements.Create(settings.Generation, Key, version));
        }

        await work.CommitAsync();
        versions.ForEach(Acknowledge);
    }

    /// <summary>Writes rows outside of a save.</summary>
    private async Task ExecuteAsync(BankContext bank, int count)
    {
        await using var transaction = await BeginAsync(bank);
        var versions = new List<long>();
        for (var number = 1; number <= count; number++)
        {
            var version = Announce();
            versions.Add(version);
            await bank.Database.ExecuteSqlAsync($"INSERT INTO kill_bookings (key, version) VALUES ({Key}, {version})");
            Publish(bank, version);
        }

        await CommitAsync(transaction);
        versions.ForEach(Acknowledge);
    }

    private List<long> BookAll(BankContext bank, int count, HistoryStep step = HistoryStep.Intent) =>
        [.. Enumerable.Range(0, count).Select(_ => Book(bank, step))];

    private long Book(BankContext bank, HistoryStep step = HistoryStep.Intent)
    {
        var version = Announce(step);
        bank.Bookings.Add(new Booking(Key, version));
        Publish(bank, version);
        return version;
    }

    private void Publish(BankContext bank, long version)
    {
        var movement = Movements.Create(settings.Generation, Key, version);
        // Not awaited: where a file has one writer, it waits for the very transaction.
        if (settings.Sabotage == Sabotage.PublishOutside)
            _ = _bus.PublishMovementAsync(movement).AsTask();
        else
            bank.PublishMovement(movement);
    }

    // Both ways are meant, and awaiting is not the better one here.
#pragma warning disable CA1849
    private async Task SaveAsync(BankContext bank) => _ = Random.Next(2) == 0 ? bank.SaveChanges() : await bank.SaveChangesAsync();

    private async Task<IDbContextTransaction> BeginAsync(BankContext bank) =>
        Random.Next(2) == 0 ? bank.Database.BeginTransaction() : await bank.Database.BeginTransactionAsync();

    private async Task CommitAsync(IDbContextTransaction transaction)
    {
        if (Random.Next(2) == 0)
            transaction.Commit();
        else
            await transaction.CommitAsync();
    }
#pragma warning restore CA1849

    // What a provider thinks may not come again is wrapped once more.
    private static bool IsOfTheDatabase(Exception failure) =>
        failure is DbException or DbUpdateException or PublishFailedException or CarillonException || failure is InvalidOperationException { InnerException: DbException or DbUpdateException };
}
