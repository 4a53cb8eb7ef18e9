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

    /// <summary>
    /// Chooses a part of the service's store: one of the contracts that the runtime or a feature asks a store for, such as
    /// <see cref="IUnitOfWorkStore"/>, <see cref="IOutbox"/>, <see cref="ISchedule"/> and <see cref="IParkingStore"/> (with <see cref="IDeadLetters"/>, which
    /// need not be chosen where one object is both). What was chosen last counts. Default: parked messages, dead letters and schedule in memory,
    /// no units of work, no outbox.
    /// </summary>
    /// <typeparam name="TPart">The contract.</typeparam>
    /// <param name="create">Makes it, once, when the host starts.</param>
    ICarillonBuilder UseStorePart<TPart>(Func<IServiceProvider, TPart> create)
        where TPart : class;

    /// <summary>
    /// Whether a part of the store was chosen so far. A transport that could be the store too leaves units of work, schedule and parked
    /// messages to another store where an <see cref="IOutbox"/> was chosen.
    /// </summary>
    /// <typeparam name="TPart">The contract.</typeparam>
    bool HasStorePart<TPart>()
        where TPart : class;

    /// <summary>Adds something that runs while the service runs.</summary>
    /// <param name="create">Makes it, once, when the host starts.</param>
    ICarillonBuilder AddServicePart(Func<IServiceProvider, IServicePart> create);

    /// <summary>
    /// Reads settings of a section below <c>Carillon</c> in the host's configuration when the host starts, for options that belong to this
    /// service. Sections that nobody reads are refused.
    /// </summary>
    /// <param name="section">The section, such as <c>Sqlite</c>.</param>
    /// <param name="read">Copies the settings into options.</param>
    ICarillonBuilder ReadSettings(string section, Action<SettingsReader> read);
}
