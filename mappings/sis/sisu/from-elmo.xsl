<?xml version="1.0" encoding="UTF-8"?>
<!--
  ELMO 1.7 with a decision to Sisu's import: an array of CustomCourseUnitAttainment, one for each item of the batch.
  Owner: the registrar of the receiving institution. What is unconfirmed stands in README.md, every code in
  code-tables.xml, what belongs to the installation in the settings of sis.yaml.
-->
<xsl:stylesheet version="3.0"
    xmlns:elmo="https://github.com/emrex-eu/elmo-schemas/tree/v1"
    xmlns:f="urn:emrexhub:mapping:sisu"
    xmlns:hub="urn:emrexhub:mapping:1"
    xmlns:map="http://www.w3.org/2005/xpath-functions/map"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all"
    expand-text="yes">

  <xsl:output method="json" encoding="UTF-8" indent="no"/>

  <xsl:param name="organisation-id" as="xs:string" required="yes"/>
  <xsl:param name="organisation-role-urn" as="xs:string" required="yes"/>
  <xsl:param name="acceptor-role-urn" as="xs:string" required="yes"/>
  <xsl:param name="study-level-urn" as="xs:string" required="yes"/>
  <xsl:param name="course-unit-type-urn" as="xs:string" required="yes"/>
  <xsl:param name="language-urn" as="xs:string" required="yes"/>
  <xsl:param name="country" as="xs:string" required="yes"/>
  <xsl:param name="foreign-institution-urn" as="xs:string" required="yes"/>
  <xsl:param name="code-if-none" as="xs:string" required="yes"/>

  <xsl:variable name="tables" as="document-node()" select="doc('code-tables.xml')"/>

  <!-- The languages in which Sisu keeps a text. -->
  <xsl:variable name="sisu-languages" as="xs:string+" select="'fi', 'sv', 'en'"/>

  <xsl:key name="row" match="row" use="../@name || '|' || @code"/>

  <xsl:template match="/">
    <xsl:variable name="delivery" select="hub:delivery"/>
    <xsl:variable name="instances" select="$delivery/elmo:elmo//elmo:learningOpportunityInstance"/>
    <xsl:if test="empty($delivery/hub:decision)">
      <xsl:sequence select="f:stop('mapping_failed', 'there is no decision')"/>
    </xsl:if>
    <xsl:variable name="attainments" as="map(*)*">
      <xsl:apply-templates select="$delivery/hub:item" mode="attainment">
        <xsl:with-param name="instances" select="$instances"/>
      </xsl:apply-templates>
    </xsl:variable>
    <!-- A credit that got another id takes the place of the one that stands there under the old id. -->
    <xsl:variable name="superseded" as="map(*)*" select="
        for $item in $delivery/hub:item[@supersedes],
            $attainment in $attainments[?id = $item/@targetId]
        return map:merge((map { 'id': string($item/@supersedes), 'documentState': 'DELETED' }, $attainment))"/>
    <xsl:sequence select="array { $attainments, $superseded }"/>
  </xsl:template>

  <xsl:template match="hub:item" mode="attainment" as="map(*)">
    <xsl:param name="instances" as="element(elmo:learningOpportunityInstance)*"/>
    <xsl:variable name="instance" select="$instances[xs:integer(current()/@loi)]"/>
    <xsl:if test="empty($instance)">
      <xsl:sequence select="f:stop('mapping_failed', 'the document has no learning opportunity instance ' || @loi)"/>
    </xsl:if>
    <xsl:variable name="specification" select="$instance/ancestor::elmo:learningOpportunitySpecification[1]"/>
    <xsl:variable name="decision" select="../hub:decision"/>
    <xsl:variable name="grade" select="f:grade($instance)"/>
    <xsl:variable name="attainment" as="map(*)" select="map {
        'id': string(@targetId),
        'documentState': 'ACTIVE',
        'type': 'CustomCourseUnitAttainment',
        'personId': string(../hub:person),
        'state': 'SUBSTITUTED',
        'primary': true(),
        'misregistration': false(),
        'registrationDate': f:date($decision/@decidedAt),
        'attainmentDate': f:attainment-date(., $instance),
        'attainmentLanguageUrn': f:language($instance),
        'acceptorPersons': array { f:acceptor($decision) },
        'organisations': array { map {
            'organisationId': $organisation-id, 'roleUrn': $organisation-role-urn, 'share': 1 } },
        'name': f:name($specification/elmo:title[normalize-space()]),
        'code': f:code($specification),
        'studyLevelUrn': $study-level-urn,
        'courseUnitTypeUrn': $course-unit-type-urn,
        'credits': f:credits(., $instance),
        'gradeScaleId': string($grade/@scale),
        'gradeId': xs:integer($grade/@grade),
        'creditTransferInfo': f:credit-transfer($instance/ancestor::elmo:report/elmo:issuer, $decision) }"/>
    <xsl:sequence select="if ($grade/@note) then map:put($attainment, 'additionalInfo', f:note($instance/elmo:resultLabel))
        else $attainment"/>
  </xsl:template>

  <!-- Who decided: by person id if Sisu knows the person, else by name. -->
  <xsl:function name="f:acceptor" as="map(*)">
    <xsl:param name="decision" as="element(hub:decision)"/>
    <xsl:sequence select="map:merge((
        map { 'roleUrn': $acceptor-role-urn },
        if ($decision/@personId != '') then map { 'personId': string($decision/@personId) }
          else map { 'text': f:text($decision/@name) },
        $decision/@title[. != ''] ! map { 'title': f:text(.) }))"/>
  </xsl:function>

  <!-- Where the credit comes from. The home country's institutions have a code; one abroad has two and a name. -->
  <xsl:function name="f:credit-transfer" as="map(*)">
    <xsl:param name="issuer" as="element(elmo:issuer)"/>
    <xsl:param name="decision" as="element(hub:decision)"/>
    <xsl:variable name="schac" select="string(($issuer/elmo:identifier[@type = 'schac'], $issuer/elmo:identifier)[1])"/>
    <xsl:variable name="national" select="string($issuer/elmo:identifier[@type = 'national'][1])"/>
    <xsl:variable name="date" select="map { 'creditTransferDate': f:date($decision/@decidedAt) }"/>
    <xsl:choose>
      <xsl:when test="$issuer/elmo:country = $country">
        <xsl:sequence select="map:put($date, 'educationalInstitutionUrn', string(
            (key('row', 'institutions|' || $national, $tables), f:row('institutions', $schac))[1]/@urn))"/>
      </xsl:when>
      <xsl:otherwise>
        <xsl:sequence select="map:merge(($date, map {
            'educationalInstitutionUrn': $foreign-institution-urn,
            'internationalInstitutionUrn': string(f:row('international-institutions', $schac)/@urn),
            'organisation': string(($issuer/elmo:title[@xml:lang = 'en'], $issuer/elmo:title)[1]) }))"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:function>

  <!-- Scheme and label decide together: a 5 is not the same grade everywhere. -->
  <xsl:function name="f:grade" as="element(row)">
    <xsl:param name="instance" as="element(elmo:learningOpportunityInstance)"/>
    <xsl:variable name="scheme" select="$instance/elmo:gradingSchemeLocalId[normalize-space()]/normalize-space()"/>
    <xsl:variable name="label" select="$instance/elmo:resultLabel[normalize-space()]/normalize-space()"/>
    <xsl:sequence select="f:row('grades', ($scheme, 'none')[1] || '/' || ($label, 'none')[1])"/>
  </xsl:function>

  <!-- A grade on a scale that Sisu lacks is recognised as passed; what it was stands beside. -->
  <xsl:function name="f:note" as="map(*)">
    <xsl:param name="label" as="xs:string"/>
    <xsl:sequence select="map:merge($sisu-languages ! map { .: f:row('grade-notes', .)/@text || normalize-space($label) })"/>
  </xsl:function>

  <xsl:function name="f:credits" as="xs:decimal">
    <xsl:param name="item" as="element(hub:item)"/>
    <xsl:param name="instance" as="element(elmo:learningOpportunityInstance)"/>
    <xsl:if test="empty($instance/elmo:credit)">
      <xsl:sequence select="f:stop('mapping_failed', 'item ' || $item/@ref || ' has no credit of its own')"/>
    </xsl:if>
    <xsl:variable name="credit" select="($instance/elmo:credit[lower-case(elmo:scheme) = 'ects'], $instance/elmo:credit)[1]"/>
    <xsl:variable name="row" select="f:row('credit-schemes', lower-case($credit/elmo:scheme))"/>
    <xsl:sequence select="xs:decimal($credit/elmo:value) * xs:decimal($row/@factor)"/>
  </xsl:function>

  <xsl:function name="f:attainment-date" as="xs:string">
    <xsl:param name="item" as="element(hub:item)"/>
    <xsl:param name="instance" as="element(elmo:learningOpportunityInstance)"/>
    <xsl:variable name="date" select="($instance/elmo:date, $instance/elmo:academicTerm/elmo:end)[normalize-space()][1]"/>
    <xsl:if test="empty($date)">
      <xsl:sequence select="f:stop('mapping_failed', 'item ' || $item/@ref || ' has no date')"/>
    </xsl:if>
    <xsl:sequence select="f:date($date)"/>
  </xsl:function>

  <xsl:function name="f:language" as="xs:string">
    <xsl:param name="instance" as="element(elmo:learningOpportunityInstance)"/>
    <xsl:variable name="language" select="$instance/elmo:languageOfInstruction[normalize-space()]"/>
    <xsl:sequence select="if ($language) then string(f:row('languages', lower-case($language[1]))/@urn) else $language-urn"/>
  </xsl:function>

  <!-- One text per language of Sisu. A title in another language, or in none, stands where an English one would. -->
  <xsl:function name="f:name" as="map(*)">
    <xsl:param name="titles" as="element(elmo:title)*"/>
    <xsl:variable name="known" select="map:merge($titles ! f:entry(., lower-case(substring(@xml:lang, 1, 2))),
        map { 'duplicates': 'use-first' })"/>
    <xsl:sequence select="if (map:size($known) gt 0) then $known else map { 'en': string($titles[1]) }"/>
  </xsl:function>

  <xsl:function name="f:entry" as="map(*)?">
    <xsl:param name="title" as="element(elmo:title)"/>
    <xsl:param name="language" as="xs:string"/>
    <xsl:sequence select="if ($language = $sisu-languages) then map { $language: normalize-space($title) } else ()"/>
  </xsl:function>

  <!-- A person's name or title is the same in every language. -->
  <xsl:function name="f:text" as="map(*)">
    <xsl:param name="text" as="xs:string"/>
    <xsl:sequence select="map:merge($sisu-languages ! map { .: $text })"/>
  </xsl:function>

  <xsl:function name="f:code" as="xs:string">
    <xsl:param name="specification" as="element(elmo:learningOpportunitySpecification)"/>
    <xsl:variable name="identifiers"
        select="$specification/elmo:identifier[@type = 'local'], $specification/elmo:identifier"/>
    <xsl:sequence select="($identifiers[normalize-space()] ! normalize-space(), $code-if-none)[1]"/>
  </xsl:function>

  <!-- Dates may carry a time or a zone; Sisu takes the day. -->
  <xsl:function name="f:date" as="xs:string">
    <xsl:param name="date" as="xs:string"/>
    <xsl:sequence select="substring(normalize-space($date), 1, 10)"/>
  </xsl:function>

  <xsl:function name="f:row" as="element(row)">
    <xsl:param name="table" as="xs:string"/>
    <xsl:param name="code" as="xs:string"/>
    <xsl:variable name="row" select="key('row', $table || '|' || $code, $tables)"/>
    <xsl:if test="empty($row)">
      <xsl:sequence select="f:stop('unknown_code', 'table ''' || $table || ''' has no row for code ''' || $code || '''')"/>
    </xsl:if>
    <xsl:sequence select="$row[1]"/>
  </xsl:function>

  <xsl:function name="f:stop" as="item()*">
    <xsl:param name="code" as="xs:string"/>
    <xsl:param name="text" as="xs:string"/>
    <xsl:message terminate="yes" error-code="{$code}">{$text}</xsl:message>
  </xsl:function>
</xsl:stylesheet>
