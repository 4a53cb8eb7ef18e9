using System.Globalization;
using Carillon.Tests;
using Carillon.Transports;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Sqlite.Tests;

/// <summary>A message that kills each process that handles it is set aside, and its neighbours are handled (G5).</summary>
public sealed class DeadlyMessageTests : IDisposable
{
    private const int Count = 40;
    private const int MostDeaths = 3;
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("die")]
    [InlineData("die-reading")]
    public async Task Handling_ShouldEndInADeadLetter_WhenAMessageKillsEachProcess(string role)
    {
        await DyingWorker.PublishAsync(_folder.ConnectionString, Count);
        using var reader = await StartReaderAsync();
        var (deaths, lives) = (0, new List<WorkerProcess>());
        IReadOnlyList<DeadLetter> letters = [];
        try
        {
            while (true)
            {
                var life = WorkerProcess.Start(role, _folder.ConnectionString, "shop");
                lives.Add(life);
                await Eventually.IsTrueAsync(async () => life.HasExited || (letters = await ListAsync(reader)) is [{ Waiting: 1 }], TimeSpan.FromSeconds(60));
                if (!life.HasExited)
                    break;
                Assert.InRange(++deaths, 1, MostDeaths);
            }

            Assert.Equal((MostDeaths, ErrorCodes.ProcessDied), (deaths, letters[0].Code));
            await Eventually.IsTrueAsync(() => Handled(lives).Count == Count - 2);
            // The cursor of its own partition cannot pass the message that kills; those of the others have gone on.
            var others = Said(lives, "handled").Where(number => PartitionOf(number) != PartitionOf(DyingWorker.Deadly)).CountBy(number => number);
            // One that is handled right before each death, ahead of the next cursor, may come with each life.
            Assert.InRange(others.Count(handled => handled.Value > MostDeaths), 0, 1);
            await lives[^1].EndAsync();
        }
        finally
        {
            lives.ForEach(life => life.Dispose());
        }

        await reader.StopAsync(Cancellation);
    }

    /// <summary>Processes that die after the commit, before they can write anything down, make no dead letter of what was handled.</summary>
    [Fact]
    public async Task Handling_ShouldMakeNoDeadLetter_WhenEachProcessDiesAfterTheMessageWasHandled()
    {
        await DyingWorker.PublishAsync(_folder.ConnectionString, 1);
        using var reader = await StartReaderAsync();
        var (deaths, handled) = (0, 0);
        for (var isOver = false; !isOver;)
        {
            using var life = WorkerProcess.Start("die-committed", _folder.ConnectionString, "shop");
            await Eventually.IsTrueAsync(async () => life.HasExited || await IsPassedAsync("shop"), TimeSpan.FromSeconds(60));
            handled += life.Said("handled").Count;
            isOver = !life.HasExited;
            if (isOver)
                await life.EndAsync();
            else
                Assert.InRange(++deaths, 1, MostDeaths);
        }

        Assert.Equal((MostDeaths, 1), (deaths, handled));
        Assert.Empty(await ListAsync(reader));
        await reader.StopAsync(Cancellation);
    }

    private async Task<IHost> StartReaderAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddCarillon("reader", carillon => carillon.UseSqlite(_folder.ConnectionString));
        var host = builder.Build();
        await host.StartAsync(Cancellation);
        return host;
    }

    private static async Task<IReadOnlyList<DeadLetter>> ListAsync(IHost reader) =>
        await reader.Services.GetRequiredService<IDeadLetters>().ListAsync(new DeadLetterQuery(), Cancellation);

    private async Task<bool> IsPassedAsync(string service)
    {
        await using var connection = new SqliteConnection(_folder.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM carillon_leases l JOIN carillon_subscriptions s USING (subscription) WHERE s.name = @service AND l.partition = @partition AND l.cursor > 0";
        command.Parameters.AddWithValue("@service", service);
        command.Parameters.AddWithValue("@partition", PartitionOf(0));
        return (long)(await command.ExecuteScalarAsync(Cancellation))! > 0;
    }

    private static int PartitionOf(int number) => Partitions.Of(number.ToString(CultureInfo.InvariantCulture), 16);

    private static HashSet<int> Handled(List<WorkerProcess> lives) => [.. Said(lives, "handled")];

    private static IEnumerable<int> Said(List<WorkerProcess> lives, string what) =>
        lives.SelectMany(life => life.Said(what)).Select(number => int.Parse(number, CultureInfo.InvariantCulture));
}
