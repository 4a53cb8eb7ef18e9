using Carillon.Durability;
using Carillon.Parking;
using Carillon.Scheduling;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.SourceGenerator.Tests.Running;

/// <summary>A builder that keeps what is added to it.</summary>
internal sealed class RecordingBuilder : ICarillonBuilder
{
    public string Service => "sample";

    public IServiceCollection Services { get; } = new ServiceCollection();

    public bool HasOutbox => false;

    public List<HandlerDefinition> Handlers { get; } = [];

    public List<MessageDefinition> Messages { get; } = [];

    public TOptions Options<TOptions>()
        where TOptions : class, new() => new();

    public ICarillonBuilder AddHandler(HandlerDefinition handler)
    {
        Handlers.Add(handler);
        return this;
    }

    public ICarillonBuilder AddMessage(MessageDefinition message)
    {
        Messages.Add(message);
        return this;
    }

    public ICarillonBuilder UseTransport(string name, Func<IServiceProvider, ITransport> create) => this;

    public ICarillonBuilder UseParkingStore<TStore>(Func<IServiceProvider, TStore> create)
        where TStore : class, IParkingStore, IDeadLetters => this;

    public ICarillonBuilder UseUnitOfWorkStore(Func<IServiceProvider, IUnitOfWorkStore> create) => this;

    public ICarillonBuilder UseOutbox(Func<IServiceProvider, IOutbox> create) => this;

    public ICarillonBuilder UseSchedule(Func<IServiceProvider, ISchedule> create) => this;

    public ICarillonBuilder ReadSettings(string section, Action<SettingsReader> read) => this;
}
