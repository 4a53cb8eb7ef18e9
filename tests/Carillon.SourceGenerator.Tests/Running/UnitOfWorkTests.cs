using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.SourceGenerator.Tests.Running;

/// <summary>Generated code at work: handlers that run in a unit of work.</summary>
public sealed class UnitOfWorkTests
{
    [Theory]
    [InlineData("Handler")]
    [InlineData("LocalHandler")]
    public async Task Handler_ShouldGetThePartsOfTheUnitOfWork_WhenItTakesThem(string attribute)
    {
        using var handlers = CompiledHandlers.Compile($$"""
            public static class H
            {
                [{{attribute}}]
                public static void On(
                    Placed placed, DbTransaction transaction, SqliteTransaction sqliteTransaction, DbConnection connection,
                    SqliteConnection? sqliteConnection, IUnitOfWork work, Notes notes) =>
                    notes.Written.AddRange([transaction, sqliteTransaction, connection, sqliteConnection, work]);
            }
            """).Add();
        await using var work = new SqliteUnitOfWork();
        var notes = new Sample.Notes();
        handlers.Builder.Services.AddSingleton(notes);

        await RunAsync(handlers, work);

        Assert.Equal([work.Transaction, work.Transaction, work.Connection, work.Connection, work], notes.Written);
    }

    [Theory]
    [InlineData("[Handler]", "DbTransaction part", DeliveryGuarantee.ExactlyOnce)]
    [InlineData("[Handler]", "SqliteTransaction part", DeliveryGuarantee.ExactlyOnce)]
    [InlineData("[Handler]", "DbConnection part", DeliveryGuarantee.ExactlyOnce)]
    [InlineData("[Handler]", "SqliteConnection? part", DeliveryGuarantee.ExactlyOnce)]
    [InlineData("[Handler]", "IUnitOfWork part", DeliveryGuarantee.ExactlyOnce)]
    [InlineData("[Handler(Delivery = DeliveryGuarantee.ExactlyOnce)]", "DbTransaction part", DeliveryGuarantee.ExactlyOnce)]
    [InlineData("[Handler(Delivery = DeliveryGuarantee.ExactlyOnce)]", "Notes notes", DeliveryGuarantee.ExactlyOnce)]
    [InlineData("[Handler(Delivery = DeliveryGuarantee.AtLeastOnce)]", "Notes notes", DeliveryGuarantee.AtLeastOnce)]
    [InlineData("[Handler(Delivery = DeliveryGuarantee.AtMostOnceMayLose)]", "Notes notes", DeliveryGuarantee.AtMostOnceMayLose)]
    [InlineData("[Handler]", "Notes notes", DeliveryGuarantee.AtLeastOnce)]
    [InlineData("[Handler]", "[FromKeyedServices(\"other\")] DbConnection other", DeliveryGuarantee.AtLeastOnce)]
    [InlineData("[LocalHandler]", "DbTransaction part", DeliveryGuarantee.AtLeastOnce)]
    public void Delivery_ShouldFollowTheHandler_WhenItIsAdded(string attribute, string parameter, DeliveryGuarantee expected)
    {
        using var handlers = CompiledHandlers.Compile(
            $"public static class H {{ {attribute} public static void On(Placed placed, {parameter}) {{ }} }}").Add();

        Assert.Equal(expected, handlers.Builder.Handlers.Single().Delivery);
    }

    [Theory]
    [InlineData("IReadOnlyList<Placed>", "[Handler]")]
    [InlineData("Envelope", "[Handler(Topics = [\"sample.>\"])]")]
    public void Delivery_ShouldBeExactlyOnce_WhenABatchOrAnEnvelopeComesWithATransaction(string message, string attribute)
    {
        using var handlers = CompiledHandlers.Compile(
            $"public static class H {{ {attribute} public static void On({message} message, DbTransaction transaction) {{ }} }}").Add();

        Assert.Equal(DeliveryGuarantee.ExactlyOnce, handlers.Builder.Handlers.Single().Delivery);
    }

    [Fact]
    public async Task Handler_ShouldGetTheKeyedService_WhenItsParameterHasAKey()
    {
        using var handlers = CompiledHandlers.Compile("""
            public static class H
            {
                [Handler]
                public static void On(
                    Placed placed, [FromKeyedServices("other")] DbConnection connection, [FromKeyedServices("other")] IEventBus bus, Notes notes) =>
                    notes.Written.AddRange([connection, bus]);
            }
            """).Add();
        await using var other = new SqliteConnection("Data Source=:memory:");
        var bus = new SilentBus();
        var notes = new Sample.Notes();
        handlers.Builder.Services.AddSingleton(notes)
            .AddKeyedSingleton<DbConnection>("other", other)
            .AddKeyedSingleton<IEventBus>("other", bus);

        await handlers.RunAsync(new Sample.Placed("1"));

        Assert.Equal([other, bus], notes.Written);
    }

    [Fact]
    public async Task Handler_ShouldFail_WhenThereIsNoUnitOfWork()
    {
        using var handlers = CompiledHandlers.Compile(
            "public static class H { [LocalHandler] public static void On(Placed placed, DbTransaction transaction) { } }").Add();

        var error = await Assert.ThrowsAsync<CarillonException>(() => handlers.RunAsync(new Sample.Placed("1")));

        Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
    }

    private static async Task RunAsync(CompiledHandlers handlers, IUnitOfWork work)
    {
        var context = handlers.CreateContext(TestContext.Current.CancellationToken);
        context.Work = work;
        await handlers.Builder.Handlers.Single().InvokeAsync(new Sample.Placed("1"), context, context.Cancellation);
    }
}
