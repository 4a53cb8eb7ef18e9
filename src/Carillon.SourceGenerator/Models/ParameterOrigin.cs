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

    /// <summary>A registered service.</summary>
    Service,
}
