using Carillon.Durability;
using Carillon.Parking;
using Carillon.Scheduling;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon;

/// <summary>
/// Configures one service. Handlers, transports and stores add themselves through it; what reads better as a sentence is an extension
/// method on top.
/// </summary>
public interface ICarillonBuilder
{
    /// <summary>The service's name.</summary>
    string Service { get; }

    /// <summary>The services of the host.</summary>
    IServiceCollection Services { get; }

    /// <summary>
    /// Whether an outbox was chosen, and with it a store that is not the transport. A transport that could be the store too then leaves units
    /// of work, schedule and parked messages to that store.
    /// </summary>
    bool HasOutbox { get; }

    /// <summary>The options object of this service, made when it is first asked for.</summary>
    /// <typeparam name="TOptions">The options' type; its properties hold the defaults.</typeparam>
    TOptions Options<TOptions>()
        where TOptions : class, new();

    /// <summary>Adds a handler.</summary>
    ICarillonBuilder AddHandler(HandlerDefinition handler);

    /// <summary>Adds a message type that is published but not handled here. Handled types are known by their handlers.</summary>
    ICarillonBuilder AddMessage(MessageDefinition message);

    /// <summary>Chooses the transport. Choosing twice is refused at start.</summary>
    /// <param name="name">What people call it, for error messages.</param>
    /// <param name="create">Makes it, once, when the host starts.</param>
    ICarillonBuilder UseTransport(string name, Func<IServiceProvider, ITransport> create);

    /// <summary>Chooses where parked messages and dead letters are kept. Default: in memory.</summary>
    /// <param name="create">Makes it, once, when the host starts.</param>
    ICarillonBuilder UseParkingStore<TStore>(Func<IServiceProvider, TStore> create)
        where TStore : class, IParkingStore, IDeadLetters;

    /// <summary>Chooses the store whose transactions units of work are. Default: none, and handling is at least once.</summary>
    /// <param name="create">Makes it, once, when the host starts.</param>
    ICarillonBuilder UseUnitOfWorkStore(Func<IServiceProvider, IUnitOfWorkStore> create);

    /// <summary>Chooses the log in which messages wait for the transport, for a store that is not the transport. Default: none, and messages go straight to the transport.</summary>
    /// <param name="create">Makes it, once, when the host starts.</param>
    ICarillonBuilder UseOutbox(Func<IServiceProvider, IOutbox> create);

    /// <summary>Chooses where messages that are to be published later are kept. Default: in memory.</summary>
    /// <param name="create">Makes it, once, when the host starts.</param>
    ICarillonBuilder UseSchedule(Func<IServiceProvider, ISchedule> create);

    /// <summary>
    /// Reads settings of a section below <c>Carillon</c> in the host's configuration when the host starts, for options that belong to this
    /// service. Sections that nobody reads are refused.
    /// </summary>
    /// <param name="section">The section, such as <c>Sqlite</c>.</param>
    /// <param name="read">Copies the settings into options.</param>
    ICarillonBuilder ReadSettings(string section, Action<SettingsReader> read);
}
