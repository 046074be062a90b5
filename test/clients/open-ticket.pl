#!/usr/bin/perl
# The helpdesk's published Perl sample, which reads no WSDL and posts to its address. Corrected: it prints the fields of the
# answer, not the address of a hash in memory, and a fault of the login is not taken for a blank session.
# Arguments: the WSDL's address, username, password, then those of api_openTicket without the session, in their order.
use strict;
use warnings;
use JSON::PP;
use SOAP::Lite;

my ($address, $username, $password, @ticket) = @ARGV;

my $client = SOAP::Lite->uri('urn:myapi')->proxy($address);
$client->on_fault(sub {
    my ($soap, $answer) = @_;
    print ref $answer ? $answer->faultcode . ': ' . $answer->faultstring : $soap->transport->status, "\n";
    exit 1;
});

my $sid = $client->api_login($username, $password)->result;
if (!length($sid // '')) {
    print "The session is blank.\n";
    exit 1;
}
my $answer = $client->api_openTicket($sid, @ticket)->result;
print JSON::PP->new->canonical->encode({%$answer}), "\n";
