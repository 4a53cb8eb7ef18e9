namespace Carillon.Testing.Network;

/// <summary>A request to a simulated server was not answered: the way was cut, or an end of it died. Whether it was done is unknown.</summary>
/// <param name="message">Which request.</param>
internal sealed class ConnectionLostException(string message) : IOException(message);
