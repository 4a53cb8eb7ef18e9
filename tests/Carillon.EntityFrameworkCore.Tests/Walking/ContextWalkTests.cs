using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore.Tests.Walking;

/// <summary>Rows and messages share their fate in whatever order a context is used, and whatever fails: random walks against a model.</summary>
public abstract class ContextWalkTests<TDatabase>
    where TDatabase : ShopDatabase, new()
{
    private const int MostNumbers = 100;
    private const int DefaultWalks = 50;

    private readonly TDatabase _database = new();
    private readonly WalkFaults _faults = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Trait("Guarantee", "G1")]
    public async Task Contexts_ShouldCommitRowsAndMessagesTogether_WhenTheirStepsAreDrawn(int count)
    {
        await using var shared = await _database.OpenAsync();
        await using var shop = await Shop.OpenAsync(_database, services => AddContexts(services, options =>
        {
            if (count == 1)
                _database.Use(options);
            else
                _database.Use(options, shared);
        }, isPooled: count == 1));
        await using var own = await _database.OpenAsync();
        var database = new WalkDatabase(own);
        await database.CreateRefusalsAsync(_database.Refusing);

        foreach (var (seed, index) in Seeds().Select((seed, index) => (seed, index)))
        {
            if (shared.State == System.Data.ConnectionState.Closed)
                await shared.OpenAsync(TestContext.Current.CancellationToken);
            WalkedContext[] contexts = [.. Enumerable.Range(1, count).Select(number => new WalkedContext(shop.Services, $"context {number}"))];
            var found = await new Walk(seed, contexts, database, _faults, (index + 1) * MostNumbers).RunAsync();
            Assert.True(found is null, $"{found}\nRun it again with CARILLON_TEST_SEED={seed}");
        }
    }

    private static IEnumerable<int> Seeds()
    {
        if (Number("CARILLON_TEST_SEED") is { } seed)
            return [seed];
        var first = Random.Shared.Next(1, 1_000_000_000);
        return Enumerable.Range(first, Number("CARILLON_TEST_SEEDS") ?? DefaultWalks);
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private void AddContexts(IServiceCollection services, Action<DbContextOptionsBuilder> use, bool isPooled)
    {
        if (isPooled)
            services.AddDbContextPool<ShopContext>(Configure);
        else
            services.AddDbContext<ShopContext>(Configure);

        void Configure(IServiceProvider provider, DbContextOptionsBuilder options)
        {
            use(options);
            options.UseCarillon(provider).AddInterceptors(_faults);
        }
    }
}
