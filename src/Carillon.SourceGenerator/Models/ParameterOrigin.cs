namespace Carillon.SourceGenerator.Models;

/// <summary>Where the value of a handler's parameter comes from.</summary>
internal enum ParameterOrigin
{
    /// <summary>The first parameter: message, batch or envelope.</summary>
    Message,

    /// <summary>The context of the run.</summary>
    Context,

    /// <summary>The token that ends the run.</summary>
    Cancellation,

    /// <summary>The bus of the service.</summary>
    Bus,

    /// <summary>The envelope, beside the message.</summary>
    Envelope,

    /// <summary>The services of the run.</summary>
    Services,

    /// <summary>The unit of work that the handler runs in.</summary>
    UnitOfWork,

    /// <summary>The transaction of the unit of work.</summary>
    Transaction,

    /// <summary>The connection of the unit of work.</summary>
    Connection,

    /// <summary>A registered context of Entity Framework Core, which works in the unit of work that the handler runs in.</summary>
    DbContext,

    /// <summary>A registered service.</summary>
    Service,
}
