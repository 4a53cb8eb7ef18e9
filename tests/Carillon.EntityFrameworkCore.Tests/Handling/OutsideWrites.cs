using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>The ways to write with a context, and the ways to have one that a handler may be given otherwise than as a parameter, by name.</summary>
public static class OutsideWrites
{
    /// <summary>Inserts order 1.</summary>
    public const string Insertion = "INSERT INTO \"Orders\" (\"Id\", \"Customer\", \"Number\", \"Total\") VALUES ('00000000-0000-0000-0000-000000000001', 'a', 1, '0')";

    private static readonly Dictionary<string, Func<ShopContext, Task>> All = new(StringComparer.Ordinal)
    {
        ["SaveChanges"] = context =>
        {
            Add(context);
            context.SaveChanges();
            return Task.CompletedTask;
        },
        ["SaveChangesAsync"] = context =>
        {
            Add(context);
            return context.SaveChangesAsync(Cancellation);
        },
        ["BeginTransaction"] = context =>
        {
            context.Database.BeginTransaction();
            return Task.CompletedTask;
        },
        ["BeginTransactionAsync"] = context => context.Database.BeginTransactionAsync(Cancellation),
        ["ExecuteDelete"] = context =>
        {
            context.Orders.ExecuteDelete();
            return Task.CompletedTask;
        },
        ["ExecuteDeleteAsync"] = context => context.Orders.ExecuteDeleteAsync(Cancellation),
        ["ExecuteSqlRawAsync"] = context => context.Database.ExecuteSqlRawAsync("DELETE FROM \"Orders\"", Cancellation),
        ["FromSqlRaw"] = context =>
        {
            _ = context.Orders.FromSqlRaw($"{Insertion} RETURNING *").AsEnumerable().Count();
            return Task.CompletedTask;
        },
        ["FromSqlRawAsync"] = context => context.Orders.FromSqlRaw($"{Insertion} RETURNING *").ToListAsync(Cancellation),
        ["SqlQueryRaw"] = context =>
        {
            _ = context.Database.SqlQueryRaw<int>($"{Insertion} RETURNING \"Number\" AS \"Value\"").AsEnumerable().Count();
            return Task.CompletedTask;
        },
        ["SqlQueryRawAsync"] = context => context.Database.SqlQueryRaw<int>($"{Insertion} RETURNING \"Number\" AS \"Value\"").ToListAsync(Cancellation),
        ["ExecuteScalar"] = context =>
        {
            Command(context, $"{Insertion} RETURNING \"Number\"").ExecuteScalar(Parameters(context));
            return Task.CompletedTask;
        },
        ["ExecuteScalarAsync"] = context => ExecuteScalarAsync(context, $"{Insertion} RETURNING \"Number\""),
    };

    private static readonly Dictionary<string, Action<IServiceCollection, ShopDatabase>> Contexts = new(StringComparer.Ordinal)
    {
        ["UseCarillon"] = (services, database) => services.AddShop(database.Use),
        ["plain"] = (services, database) => services.AddDbContext<ShopContext>(database.Use),
        ["UseCarillon, in other words"] = (services, database) => services.AddShop(database.UseOtherWords),
        ["plain, in other words"] = (services, database) => services.AddDbContext<ShopContext>(database.UseOtherWords),
        ["plain pool"] = (services, database) => services.AddDbContextPool<ShopContext>(database.Use),
        ["plain factory"] = (services, database) => services.AddDbContextFactory<ShopContext>(database.Use),
        ["plain pooled factory"] = (services, database) => services.AddPooledDbContextFactory<ShopContext>(database.Use)
            .AddScoped(provider => provider.GetRequiredService<IDbContextFactory<ShopContext>>().CreateDbContext()),
        ["plain interface"] = (services, database) => services.AddDbContext<DbContext, ShopContext>(database.Use)
            .AddScoped(provider => (ShopContext)provider.GetRequiredService<DbContext>()),
    };

    /// <summary>Every way to write in two kinds of contexts, and the commonest in each kind.</summary>
    public static TheoryData<string, string> Cases => new(
        from context in Contexts.Keys
        from write in All.Keys
        where context is "UseCarillon" or "plain" || write == "SaveChangesAsync"
        select new TheoryDataRow<string, string>(context, write));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A way to write.</summary>
    public static Func<ShopContext, Task> Get(string write) => All[write];

    /// <summary>Adds contexts of a kind.</summary>
    public static void AddContexts(IServiceCollection services, string contexts, ShopDatabase database) => Contexts[contexts](services, database);

    /// <summary>Adds an order.</summary>
    public static void Add(ShopContext context, int number = 1) => context.Orders.Add(new Order { Customer = "a", Number = number });

    /// <summary>Executes a statement as it is, without a look for parameters.</summary>
    public static Task<object?> ExecuteScalarAsync(ShopContext context, string statement) => Command(context, statement).ExecuteScalarAsync(Parameters(context), Cancellation);

    private static IRelationalCommand Command(ShopContext context, string statement) => context.GetService<IRawSqlCommandBuilder>().Build(statement);

    private static RelationalCommandParameterObject Parameters(ShopContext context) =>
        new(context.GetService<IRelationalConnection>(), parameterValues: null, readerColumns: null, context, logger: context.GetService<IRelationalCommandDiagnosticsLogger>());
}
